// A message's text with the Markdown that people use in chats: emphasis, code, lists, quotes, links and tables.
// Anything else is plain text.
import { withNamesOfHidden } from "../../protocol/hiddenCharacters.ts";
import { Component, createRef, type ComponentChildren } from "preact";
import { visibleText } from "../base/visibleText.ts";
import { CodeBlock } from "./codeBlock.tsx";
import { FileLink, Link } from "./links.tsx";
import { rowsOf } from "../base/longText.ts";
import { directionOf } from "./direction.ts";
import { readings } from "./pageReadings.ts";
import type { Rich, RichElement } from "./rich.ts";
import { ScrolledBox } from "./scrolledBox.tsx";

/** Texts with this many rows are laid out separately. */
const APART_ROWS = 8;

/** Rows of a folded text, as in the stylesheet. */
const FOLDED_ROWS = 30;

type MessageTextProps = { readonly text: string };

export class MessageText extends Component<MessageTextProps> {
  readonly #element = createRef<HTMLDivElement>();
  /** Cancels the pending parse. */
  #stop: (() => void) | null = null;
  /** Its result for the shown text; undefined until then. */
  #late: readonly Rich[] | null | undefined;

  override shouldComponentUpdate(next: MessageTextProps): boolean {
    if (next.text === this.props.text) return false;
    this.#forget();
    return true;
  }

  override componentWillUnmount(): void {
    this.#forget();
  }

  override render({ text }: MessageTextProps) {
    const visible = visibleText(text);
    const late = this.#late;
    const rich = late === undefined ? readings.get(visible) : late;
    if (rich === undefined) this.#stop ??= readings.later(visible, (reading) => this.#show(reading));
    const rows = rowsOf(text);
    return (
      <div
        ref={this.#element}
        class={`text${rich === undefined ? " later" : rich === null ? "" : " rich"}`}
        dir={directionOf(rich ?? [visible])}
        // A text that is parsed late has already been announced as plain text.
        aria-live={late == null ? undefined : "off"}
        style={rows < APART_ROWS ? undefined : apart(rows)}
      >
        {rich == null ? visible : all(rich)}
      </div>
    );
  }

  /** Not while the user is selecting text that would disappear under the pointer. */
  #show(reading: readonly Rich[] | null): boolean {
    const { current } = this.#element;
    if (reading !== null && current !== null && isSelected(current)) return false;
    this.#late = reading;
    this.forceUpdate();
    return true;
  }

  #forget(): void {
    this.#stop?.();
    this.#stop = null;
    this.#late = undefined;
  }
}

export function isSelected(node: Node): boolean {
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return false;
  return selection.getRangeAt(0).intersectsNode(node);
}

/** The browser lays out such a text only when it is visible; until then its estimated size is used. */
function apart(rows: number) {
  return {
    contentVisibility: "auto",
    containIntrinsicBlockSize: `auto ${String(Math.min(rows, FOLDED_ROWS))}lh`,
  };
}

function all(children: readonly Rich[]): ComponentChildren[] {
  return children.map((child) => (typeof child === "string" ? child : one(child)));
}

function one(element: RichElement): ComponentChildren {
  switch (element.kind) {
    case "plain":
      return plain(element);
    case "numbered":
      return <li value={element.number}>{all(element.children)}</li>;
    case "cell": {
      const Cell = element.tag;
      return (
        <Cell dir={directionOf(element.children)} class={element.align ?? undefined}>
          {all(element.children)}
        </Cell>
      );
    }
    case "link":
      return (
        <Link address={element.address} note={element.note} direction={directionOf(element.children)}>
          {all(element.children)}
        </Link>
      );
    case "file":
      return <FileLink reference={element.reference}>{all(element.children)}</FileLink>;
    case "code":
      return <CodeBlock block={element} />;
  }
}

function plain({ tag, children }: Extract<RichElement, { kind: "plain" }>): ComponentChildren {
  switch (tag) {
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "code":
      return (
        <code>
          {children.map((child) => (typeof child === "string" ? withNamesOfHidden(child) : one(child)))}
        </code>
      );
    case "table":
      return (
        <ScrolledBox as="div" class="table">
          <table>{all(children)}</table>
        </ScrolledBox>
      );
    case "p":
    case "ul":
    case "ol":
    case "blockquote": {
      const Block = tag;
      return <Block dir={directionOf(children)}>{all(children)}</Block>;
    }
    default: {
      const Tag = tag;
      return <Tag>{all(children)}</Tag>;
    }
  }
}
