// How long the text in the composer is, once that matters. Rendered below the composer.
import { limits } from "../protocol/limits.ts";

/** From this share of the limit on the length is shown. */
const NEAR_LIMIT = 0.9;

/** Describes the composer whose text is too long. */
export const tooLongId = "too-long";

export function Length({ bytes }: { readonly bytes: number }) {
  const most = limits.textBytes;
  if (bytes > most) {
    return (
      <p class="length invalid" id={tooLongId} role="alert">
        Too long to send: {bytes.toLocaleString()} of {most.toLocaleString()} bytes. Shorten it, or send it in
        parts.
      </p>
    );
  }
  if (bytes < most * NEAR_LIMIT) return null;
  return (
    <p class="length">
      {bytes.toLocaleString()} of {most.toLocaleString()} bytes
    </p>
  );
}
