// What is attached to a message from VS Code, for each test of a suite, and what the user was asked about it before.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { NewAttachment } from "../../../protocol/conversation.ts";
import { Attacher } from "../../../extension/host/code/attacher.ts";
import type { Shared } from "../../../extension/host/code/mayShare.ts";
import { online } from "../../support/core.ts";

export const ESC = String.fromCharCode(27);
/** It looks like a secret. */
export const TOKEN = `ghp_${"a".repeat(36)}`;

/** Create it in a suite. */
export class AttachedParts {
  readonly attached: NewAttachment[] = [];
  readonly shared: Shared[] = [];
  /** Notifications. */
  readonly shown: string[] = [];
  /** Whether the user agrees to share. */
  isAgreed = true;

  readonly attacher = new Attacher({
    store: {
      state: online,
      dispatch: (event) => {
        if (event.type !== "user/attach" || event.attachment === null) return;
        if ("code" in event.attachment) this.attached.push(event.attachment);
      },
    },
    panel: { reveal: () => undefined },
    questions: {
      asks: () => false,
      mayShare: (given) => {
        this.shared.push(given);
        return Promise.resolve(this.isAgreed);
      },
    },
  });

  constructor() {
    beforeEach(() => {
      for (const list of [this.attached, this.shared, this.shown]) list.length = 0;
      this.isAgreed = true;
      mock.method(vscode.window, "showInformationMessage", (text: string) => {
        this.shown.push(text);
        return Promise.resolve(undefined);
      });
    });
    afterEach(() => mock.restoreAll());
  }

  last = (): NewAttachment => this.attached.at(-1) ?? assert.fail("nothing is attached");

  /** The text that the user was asked about last. */
  asked = (): string => this.shared.at(-1)?.text ?? "";
}
