// What an author puts into a message. The protocol, the state, the journal and the page take these fields from here, so
// a field added to `contentFields` reaches all of them without being listed again.
import * as v from "valibot";
import { LobbyPart, Part } from "./part.ts";

/** Optional fields beside the text, each with its own limits. An edit replaces them, a retraction removes them. */
export const contentFields = { part: v.exactOptional(Part) };

type Entries = { readonly text: v.StringSchema<undefined> } & typeof contentFields;
export type MessageContent = Readonly<v.InferOutput<v.ObjectSchema<Entries, undefined>>>;

/** A message's content, and what the message is to an earlier one. */
export type MessageBody<About> = MessageContent & { readonly about?: About };

/** The schema entries of a body. The limits of the text and the form of `about` depend on where the message is. */
export function bodyFields<const Text extends v.GenericSchema, const About extends v.GenericSchema>(
  text: Text,
  about: About,
) {
  return { text, about: v.exactOptional(about), ...contentFields };
}

/** The same in the lobby, where no files and changes can be sent: they go from one window to another. */
export function lobbyFields<const Text extends v.GenericSchema, const About extends v.GenericSchema>(
  text: Text,
  about: About,
) {
  return { ...bodyFields(text, about), part: v.exactOptional(LobbyPart) };
}

export function contentOf(message: MessageContent): MessageContent {
  return { ...fieldsOf(message), text: message.text };
}

export function bodyOf<About>(message: MessageBody<About>): MessageBody<About> {
  return { ...contentOf(message), ...(message.about === undefined ? {} : { about: message.about }) };
}

/** The content for clients that know no parts. The text says the same. */
export function withoutPart(content: MessageContent): MessageContent {
  const rest = { ...content };
  delete rest.part;
  return rest;
}

/** What goes to the lobby, where no files and changes can be sent. */
export function lobbyBody<About>(
  message: MessageBody<About>,
): Omit<MessageBody<About>, "part"> & { readonly part?: LobbyPart } {
  const { part, ...rest } = bodyOf(message);
  return part === undefined || part.kind === "file" || part.kind === "changes" ? rest : { ...rest, part };
}

/** A copy of a message with other content. */
export function withContent<T extends MessageContent>(message: T, content: MessageContent): T {
  const rest = Object.entries(message).filter(([name]) => !Object.hasOwn(contentFields, name));
  return { ...Object.fromEntries(rest), ...contentOf(content) } as T;
}

/** Characters of the optional fields, for everything that bounds a message's size. */
export function fieldsLength(content: MessageContent): number {
  const fields = fieldsOf(content);
  return Object.keys(fields).length === 0 ? 0 : JSON.stringify(fields).length;
}

function fieldsOf(message: object): Partial<MessageContent> {
  const values = message as Record<string, unknown>;
  const present = Object.keys(contentFields).filter((name) => values[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, values[name]]));
}
