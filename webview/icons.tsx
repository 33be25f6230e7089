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

export function DownIcon() {
  return (
    <Icon>
      <path d="M8 3v10M3.5 8.5 8 13l4.5-4.5" />
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
