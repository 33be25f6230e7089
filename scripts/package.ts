// `npm run package`: builds dist/fork-chat.vsix and lists its contents and sizes.
import { makePackage } from "./makePackage.ts";
import { describeFailure } from "./unavailable.ts";

try {
  await makePackage(console.log);
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
