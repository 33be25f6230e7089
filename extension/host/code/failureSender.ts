// Attaches a failed test. VS Code gives its failure to the menu of the failure's message only: the menu of the test itself
// gives the test, whose lines are attached.
import { stripVTControlCharacters } from "node:util";
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import { lineLabel } from "../../../protocol/codeText.ts";
import { oneLine } from "../../core/code/quoteBounds.ts";
import { type FailedTest, failureQuote, type TestFailure } from "../../core/code/testFailure.ts";
import { showInfo } from "../vscode/notify.ts";
import { type Attacher, Refusal, type ToAttach } from "./attacher.ts";
import { pathOf, quoteOf } from "./codeQuote.ts";

/** Lines of a test whose failure is not known. */
const MOST_LINES = 60;

/** Characters of a message and of a value that are looked at: more than fits. */
const MOST_CHARACTERS = 64 * 1024;

const NAME_LENGTH = 300;
const MOST_SUITES = 12;

const Uri = v.custom<vscode.Uri>((value) => value instanceof vscode.Uri);

/** Tests come from other extensions, so no field of one is certain. */
const Item = v.object({
  label: v.string(),
  uri: v.optional(Uri),
  range: v.optional(v.instance(vscode.Range)),
  parent: v.optional(v.unknown()),
});
type Item = v.InferOutput<typeof Item>;

const Frame = v.object({
  label: v.string(),
  uri: v.optional(Uri),
  position: v.optional(v.instance(vscode.Position)),
});

const Message = v.object({
  message: v.union([
    v.string(),
    v.pipe(
      v.object({ value: v.string() }),
      v.transform(({ value }) => value),
    ),
  ]),
  expectedOutput: v.optional(v.string()),
  actualOutput: v.optional(v.string()),
  location: v.optional(v.object({ uri: Uri, range: v.instance(vscode.Range) })),
  stackTrace: v.optional(v.array(Frame)),
});
type Message = v.InferOutput<typeof Message>;

/** What the menu of a failure's message passes, and what that of a test does. */
const OfMessage = v.object({ test: Item, message: Message });

export class FailureSender {
  readonly #attacher: Attacher;

  constructor(attacher: Attacher) {
    this.#attacher = attacher;
  }

  async send(argument: unknown): Promise<void> {
    const failed = v.safeParse(OfMessage, argument);
    if (failed.success) {
      await this.#attacher.attachHere(() =>
        Promise.resolve(failureOf(failed.output.test, failed.output.message)),
      );
      return;
    }
    const test = v.safeParse(Item, argument);
    const isAttached = await this.#attacher.attachHere(() =>
      test.success ? testAlone(test.output) : Promise.resolve(new Refusal(elsewhere())),
    );
    if (isAttached)
      await showInfo(
        l10n.t(
          "The test was attached without its failure. To send that, open the failure's message and choose “Send Test Failure” there.",
        ),
      );
  }
}

function elsewhere(): string {
  return l10n.t(
    "To send a test failure, open its message in the Test Results and choose “Send Test Failure” there.",
  );
}

function failureOf(test: Item, message: Message): ToAttach {
  const { uri, range } = test;
  const place: Omit<FailedTest, "name"> = {
    ...(uri === undefined ? {} : { path: pathOf(uri) }),
    ...(range === undefined ? {} : { line: range.start.line + 1 }),
  };
  const { expectedOutput: expected, actualOutput: actual } = message;
  const failure: TestFailure = {
    message: stripVTControlCharacters(message.message.slice(0, MOST_CHARACTERS)),
    ...(expected === undefined ? {} : { expected: expected.slice(0, MOST_CHARACTERS) }),
    ...(actual === undefined ? {} : { actual: actual.slice(0, MOST_CHARACTERS) }),
    stack: stackOf(message),
  };
  return {
    quote: failureQuote({ name: nameOf(test), ...place }, failure),
    ...(uri === undefined ? {} : { path: uri.path }),
  };
}

/** VS Code passes on no stack but the first place; many tools write theirs into the message. */
function stackOf({ message, location, stackTrace = [] }: Message): string[] {
  const frames = stackTrace.map(({ label, uri, position }) => {
    const place = uri === undefined ? "" : placeText(uri, position);
    return oneLine(place === "" ? label : label === "" ? place : `${label} (${place})`, NAME_LENGTH);
  });
  if (frames.length > 0 || location === undefined) return frames;
  const { uri, range } = location;
  const place = placeText(uri, range.start);
  const name = place.slice(place.lastIndexOf("/") + 1);
  return message.includes(name.replace(/:\d+$/u, "")) ? [] : [oneLine(place, NAME_LENGTH)];
}

function placeText(uri: vscode.Uri, position: vscode.Position | undefined): string {
  const path = pathOf(uri);
  if (position === undefined) return path;
  const line = position.line + 1;
  return `${lineLabel(path, { from: line, to: line })}:${String(position.character + 1)}`;
}

/** With the names of its suites, without the file's. */
function nameOf(test: Item): string {
  const names = [test.label];
  let parent = v.safeParse(Item, test.parent);
  while (parent.success && names.length < MOST_SUITES) {
    const { label, uri, range } = parent.output;
    if (uri === undefined || range === undefined) break;
    names.unshift(label);
    parent = v.safeParse(Item, parent.output.parent);
  }
  return names.join(" › ");
}

async function testAlone(test: Item): Promise<ToAttach | Refusal> {
  const { uri, range } = test;
  if (uri === undefined || range === undefined) return new Refusal(elsewhere());
  const document = await vscode.workspace.openTextDocument(uri);
  const { start, end } = range;
  const quote = await quoteOf(document, {
    from: start.line,
    to: Math.min(end.line, start.line + MOST_LINES - 1),
  });
  if (!quote.ok) return new Refusal(quote.text);
  return {
    quote: { ...quote.value, heading: `Test: ${oneLine(nameOf(test), NAME_LENGTH)}` },
    path: uri.path,
  };
}
