// The page's few icons, drawn here so that no font has to be loaded. All are decoration beside a name.
import type { ComponentChildren } from "preact";

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function SendIcon() {
  return (
    <Icon>
      <path d="M8 13.5V3M3.5 7.5 8 3l4.5 4.5" />
    </Icon>
  );
}

export function CloseIcon() {
  return (
    <Icon>
      <path d="m4 4 8 8M12 4l-8 8" />
    </Icon>
  );
}

export function DownIcon() {
  return (
    <Icon>
      <path d="M8 3v10M3.5 8.5 8 13l4.5-4.5" />
    </Icon>
  );
}

export function VerifiedIcon() {
  return (
    <Icon>
      <path d="M8 1.75 13.25 4v4c0 3-2.2 5.2-5.25 6.25C4.95 13.2 2.75 11 2.75 8V4L8 1.75Z" />
      <path d="M5.5 8 7.25 9.75 10.5 6.25" />
    </Icon>
  );
}

export function UnverifiedIcon() {
  return (
    <Icon>
      <path d="M8 1.75 13.25 4v4c0 3-2.2 5.2-5.25 6.25C4.95 13.2 2.75 11 2.75 8V4L8 1.75Z" />
    </Icon>
  );
}

export function LockIcon() {
  return (
    <Icon>
      <rect x="3" y="7" width="10" height="7" rx="1.5" />
      <path d="M5.25 7V4.75a2.75 2.75 0 0 1 5.5 0V7" />
    </Icon>
  );
}

/** Two windows, and what is between them: a line, a third one, or nothing. */
export function PathIcon({ path }: { readonly path: "direct" | "relayed" | "none" }) {
  return (
    <Icon>
      <circle cx="2.75" cy="8" r="1.75" />
      <circle cx="13.25" cy="8" r="1.75" />
      {path === "direct" ? <path d="M5 8h6" /> : null}
      {path === "relayed" ? (
        <path d="M4.25 6.75 6.5 4.75M9.5 4.75l2.25 2M8 5.25a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z" />
      ) : null}
    </Icon>
  );
}

/** Fork Chat's sign: a bubble in which one line becomes two. */
export function BubbleIcon() {
  return (
    <svg class="sign" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path d="M10 6h28a5 5 0 0 1 5 5v20a5 5 0 0 1-5 5H22l-9 7v-7h-3a5 5 0 0 1-5-5V11a5 5 0 0 1 5-5Z" />
      <path d="M16.5 21H19c6 0 5-5.5 11-5.5h1.5M19 21c6 0 5 5.5 11 5.5h1.5" />
      <circle cx="14" cy="21" r="2.5" />
      <circle cx="34" cy="15.5" r="2.5" />
      <circle cx="34" cy="26.5" r="2.5" />
    </svg>
  );
}
