// The log interface of the network. Message texts and tokens are never passed to it.

export type NetLog = {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
};
