// What the modules of net/ need of a log. Neither texts of messages nor tokens are ever handed to it.

export type NetLog = {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
};
