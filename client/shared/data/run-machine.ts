/** Runs a pure state machine: events are taken one after the other, their effects performed in order. An effect reports back by `send`, now or
 *  later; an event that comes while another is taken waits its turn. */

export interface Machine<State, Event> {
  send(event: Event): void
  state(): State
}

export function runMachine<State, Event, Effect>(
  start: State,
  step: (state: State, event: Event) => readonly [State, readonly Effect[]],
  perform: (effect: Effect, send: (event: Event) => void) => void,
  onState: (state: State) => void = () => {},
): Machine<State, Event> {
  const waiting: Event[] = []
  let state = start
  let isStepping = false

  function send(event: Event): void {
    waiting.push(event)
    if (isStepping) return
    isStepping = true
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [after, effects] = step(state, next)
        const isNew = after !== state
        state = after
        for (const effect of effects) perform(effect, send)
        if (isNew) onState(state)
      }
    } finally {
      isStepping = false
    }
  }
  return { send, state: () => state }
}
