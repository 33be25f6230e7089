// Why dialing failed, in words.
import assert from "node:assert/strict";
import { dialFailureText } from "../../../../extension/net/dial/dialFailure.ts";

describe("the reason of a failed dial", () => {
  const text = (place: string, code: string, platform: NodeJS.Platform): string =>
    dialFailureText(place, { kind: "network", code }, String, platform);

  for (const place of ["192.168.1.5:43210", "[fd00::5]:43210", "mini.local:43210"])
    it(`names the permission that macOS may not have given, for ${place}`, () => {
      assert.equal(
        text(place, "EHOSTUNREACH", "darwin"),
        `there is no network route to ${place}, or macOS doesn't let VS Code use the local network (System Settings → Privacy & Security → Local Network)`,
      );
    });

  for (const [place, code, platform] of [
    ["203.0.113.5:43210", "EHOSTUNREACH", "darwin"],
    ["chat.example:43210", "EHOSTUNREACH", "darwin"],
    ["192.168.1.5:43210", "ENETUNREACH", "darwin"],
    ["192.168.1.5:43210", "EHOSTUNREACH", "linux"],
    ["192.168.1.5:43210", "EHOSTUNREACH", "win32"],
  ] as const)
    it(`names no permission for ${code} at ${place} on ${platform}`, () => {
      assert.equal(text(place, code, platform), `there is no network route to ${place}`);
    });
});
