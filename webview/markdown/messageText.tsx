// A message's text as people write it in chats: emphasis, code, lists, quotes, links and tables; anything else is letters.
// Rendered by messageView.tsx.
import { Component, type ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import { visibleText } from "../visibleText.ts";
import { CodeBlock } from "./codeBlock.tsx";
import { richText, withoutTurns, type Rich, type RichElement } from "./richText.ts";
import { ScrolledBox } from "./scrolledBox.tsx";
import { Reached, TextRequests } from "./textContext.ts";

export class MessageText extends Component<{ readonly text: string }> {
  override shouldComponentUpdate(next: { readonly text: string }): boolean {
    return next.text !== this.props.text;
  }

  override render({ text }: { readonly text: string }) {
    const visible = visibleText(text);
    const rich = richText(visible);
    return (
      <div class={rich === null ? "text" : "text rich"} dir="auto">
        {rich === null ? visible : all(rich)}
      </div>
    );
  }
}

function all(children: readonly Rich[]): ComponentChildren[] {
  return children.map((child) => (typeof child === "string" ? child : one(child)));
}

function one(element: RichElement): ComponentChildren {
  switch (element.kind) {
    case "plain":
      return plain(element);
    case "ordered":
      return (
        <ol dir="auto" start={element.start}>
          {all(element.children)}
        </ol>
      );
    case "cell": {
      const Cell = element.tag;
      return (
        <Cell dir="auto" class={element.align ?? undefined}>
          {all(element.children)}
        </Cell>
      );
    }
    case "link":
      return (
        <Link address={element.address} note={element.note}>
          {all(element.children)}
        </Link>
      );
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
        <code>{children.map((child) => (typeof child === "string" ? withoutTurns(child) : one(child)))}</code>
      );
    case "table":
      return (
        <ScrolledBox as="div" class="table">
          <table>{all(children)}</table>
        </ScrolledBox>
      );
    case "p":
    case "ul":
    case "blockquote": {
      const Block = tag;
      return <Block dir="auto">{all(children)}</Block>;
    }
    default: {
      const Tag = tag;
      return <Tag>{all(children)}</Tag>;
    }
  }
}

type LinkProps = {
  readonly address: string;
  readonly note: string | null;
  readonly children: ComponentChildren;
};

/** Without an address of its own, so that neither the page nor VS Code's frame around it can follow it. */
function Link({ address, note, children }: LinkProps) {
  const request = useContext(TextRequests);
  const reached = useContext(Reached);
  const open = () => request({ type: "openLink", url: address });
  return (
    <a
      role="link"
      title={address}
      tabIndex={reached ? 0 : -1}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        event.stopPropagation();
        open();
      }}
    >
      <bdi>{children}</bdi>
      {note === null ? null : (
        <>
          {" "}
          <bdi class="note">{note}</bdi>
        </>
      )}
    </a>
  );
}
