// The processing of one event: the state so far, and the effects so far. It lives for one event only, so it may change while
// the state it holds may not.

export type Outcome<State, Effect> = { readonly state: State; readonly effects: readonly Effect[] };

export class Step<State extends object, Effect> {
  state: State;
  readonly effects: Effect[] = [];

  constructor(state: State) {
    this.state = state;
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
  }

  emit(...effects: Effect[]): void {
    this.effects.push(...effects);
  }

  get outcome(): Outcome<State, Effect> {
    return { state: this.state, effects: this.effects };
  }
}
