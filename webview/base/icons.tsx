// The page's few icons, drawn here so that no font has to be loaded. All of them accompany a name.
import type { ComponentChildren } from "preact";
import type { Delivery } from "./texts.ts";

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

export function LockIcon({ open = false }: { readonly open?: boolean }) {
  return (
    <Icon>
      <rect x="3" y="7" width="10" height="7" rx="1.5" />
      <path d={open ? "M5.25 7V4.75a2.75 2.75 0 0 1 5.3-1" : "M5.25 7V4.75a2.75 2.75 0 0 1 5.5 0V7"} />
    </Icon>
  );
}

export function UpIcon() {
  return (
    <Icon>
      <path d="M3.5 10 8 5.5l4.5 4.5" />
    </Icon>
  );
}

export function DownwardsIcon() {
  return (
    <Icon>
      <path d="M3.5 6 8 10.5 12.5 6" />
    </Icon>
  );
}

export function ReplyIcon() {
  return (
    <Icon>
      <path d="M6.5 3.5 2.5 7.5l4 4M2.5 7.5h6a5 5 0 0 1 5 5v.5" />
    </Icon>
  );
}

export function ReactIcon() {
  return (
    <Icon>
      <path d="M13.4 6.6a5.75 5.75 0 1 1-4-4" />
      <path d="M5.75 9.25a2.75 2.75 0 0 0 4.5 0M6 6.25v.01M10 6.25v.01M13 1.25v3.5M11.25 3h3.5" />
    </Icon>
  );
}

/** A flask, as VS Code has it for tests. */
export function TestIcon() {
  return (
    <Icon>
      <path d="M6.25 2h3.5M6.75 2v4.5L3 13a.75.75 0 0 0 .65 1h8.7a.75.75 0 0 0 .65-1L9.25 6.5V2M5 10h6" />
    </Icon>
  );
}

/** A prompt. */
export function TerminalIcon() {
  return (
    <Icon>
      <rect x="1.75" y="2.75" width="12.5" height="10.5" rx="1.5" />
      <path d="m4.5 6 2.25 2L4.5 10M8.25 10.5h3" />
    </Icon>
  );
}

export function EditIcon() {
  return (
    <Icon>
      <path d="m10.5 3 2.5 2.5-7.5 7.5-3 .5.5-3L10.5 3Z" />
    </Icon>
  );
}

export function RetractIcon() {
  return (
    <Icon>
      <path d="M2.5 4.25h11M6 4V2.5h4V4M4 4.5l.5 9h7l.5-9M6.75 7v4M9.25 7v4" />
    </Icon>
  );
}

export function MutedIcon() {
  return (
    <Icon>
      <path d="M4 11.5h8.5l-1-1.5V7A3.5 3.5 0 0 0 6 4M4.5 6.5V10l-1 1.5M7 13.5h2M2.5 2.5l11 11" />
    </Icon>
  );
}

/** A clock, one check mark, two, an eye: distinguishable without color. */
export function DeliveryIcon({ delivery }: { readonly delivery: Delivery }) {
  switch (delivery) {
    case "waiting":
      return (
        <Icon>
          <circle cx="8" cy="8" r="5.25" />
          <path d="M8 5v3l2 1.25" />
        </Icon>
      );
    case "sent":
      return (
        <Icon>
          <path d="m4 8.5 2.75 2.75L12 5.5" />
        </Icon>
      );
    case "received":
      return (
        <Icon>
          <path d="m1.5 8.5 2.75 2.75L9.5 5.5M7.5 10.75l.5.5 5.75-5.75" />
        </Icon>
      );
    case "read":
      return (
        <Icon>
          <path d="M1.25 8S3.75 3.75 8 3.75 14.75 8 14.75 8 12.25 12.25 8 12.25 1.25 8 1.25 8Z" />
          <circle cx="8" cy="8" r="1.75" />
        </Icon>
      );
  }
}

export function CopyIcon() {
  return (
    <Icon>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </Icon>
  );
}

export function CheckIcon() {
  return (
    <Icon>
      <path d="m3 8.5 3.25 3.25L13 5" />
    </Icon>
  );
}

export function FileIcon() {
  return (
    <Icon>
      <path d="M9 1.75H4.5A1.25 1.25 0 0 0 3.25 3v10a1.25 1.25 0 0 0 1.25 1.25h7A1.25 1.25 0 0 0 12.75 13V5.5L9 1.75Z" />
      <path d="M9 1.75V5.5h3.75" />
    </Icon>
  );
}

/** A file with a plus and a minus. */
export function ChangesIcon() {
  return (
    <Icon>
      <rect x="2.75" y="1.75" width="10.5" height="12.5" rx="1.25" />
      <path d="M8 4.25v4M6 6.25h4M6 11.25h4" />
    </Icon>
  );
}

type SeverityIconProps = {
  readonly severity: "error" | "warning" | "info" | "hint";
  readonly name: string;
};

/** A circle with a cross, a triangle, a circle with an i, a bulb: distinguishable without color. */
export function SeverityIcon({ severity, name }: SeverityIconProps) {
  return (
    <svg class={`icon severity ${severity}`} viewBox="0 0 16 16" role="img" aria-label={name}>
      {severity === "warning" ? (
        <path d="M8 2.25 14.5 13.5h-13L8 2.25ZM8 6.5v3.25M8 11.75v.01" />
      ) : severity === "hint" ? (
        <path d="M6 11.5c0-1.5-2-2.25-2-5a4 4 0 0 1 8 0c0 2.75-2 3.5-2 5H6ZM6.5 14h3" />
      ) : (
        <>
          <circle cx="8" cy="8" r="6.25" />
          <path d={severity === "error" ? "m5.75 5.75 4.5 4.5M10.25 5.75l-4.5 4.5" : "M8 7.5v3.75M8 5v.01"} />
        </>
      )}
    </svg>
  );
}

/** Lines, with an arrow into them. */
export function InsertIcon() {
  return (
    <Icon>
      <path d="M2.5 3h11M2.5 13h11M13.5 8H6M8.5 5.5 6 8l2.5 2.5" />
    </Icon>
  );
}

/** Two windows, and what connects them: a line, a third one, or nothing. */
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

/** A machine; crossed out if it cannot be reached. */
export function ServerIcon({ up }: { readonly up: boolean }) {
  return (
    <Icon>
      <rect x="2.5" y="2.75" width="11" height="10.5" rx="1.5" />
      <path d="M2.5 8h11M5.25 5.4v.01M5.25 10.6v.01" />
      {up ? null : <path d="m1.5 14.5 13-13" />}
    </Icon>
  );
}

/** Fork Chat's logo: a bubble in which one line becomes two. */
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
