// `npm run package`: dist/fork-chat.vsix, with what is in it and how large that is.
import { listPackage, makePackage } from "./makePackage.ts";
import { describeFailure } from "./unavailable.ts";

try {
  await makePackage(console.log);
  await listPackage(console.log);
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
