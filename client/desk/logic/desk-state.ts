/** What the working screen remembers while the page is open: list, chosen visit, open panel, search, marks. No record stands here, only ids. */
import { type App, type InjectionKey, inject, reactive, type Ref, ref, watch } from 'vue'
import { assert } from '#protocols/errors.ts'
import type { PanelAct } from './visit-acts.ts'
import { type ListFilter, type ListName, noFilter } from './visit-lists.ts'

/** A panel beside the chosen visit, or over the list's marks. */
export type Panel =
  | { readonly kind: 'act'; readonly act: PanelAct }
  | { readonly kind: 'many'; readonly act: 'checkOut' | 'leaveUnregistered' }

export interface DeskState {
  list: ListName
  chosen: string | null
  panel: Panel | null
  search: string
  filter: ListFilter
  /** Choosing many: ids that are marked; null while one is worked on at a time. */
  marks: ReadonlySet<string> | null
}

export interface Desk {
  readonly state: DeskState
  /** Plain letters act at all: a person may switch them off (WCAG 2.1.4). */
  readonly letterKeys: Ref<boolean>
  readonly overlay: Ref<'help' | 'palette' | null>
  choose(id: string | null): void
  open(panel: Panel): void
  closePanel(): void
  showList(list: ListName): void
  toggleMany(): void
  mark(id: string): void
}

const lettersKey = 'outpost.desk.letterKeys'
const fresh = (): DeskState => ({
  list: 'waiting',
  chosen: null,
  panel: null,
  search: '',
  filter: noFilter,
  marks: null,
})

export function createDesk(): Desk {
  const state = reactive(fresh()) as DeskState
  const letterKeys = ref(localStorage.getItem(lettersKey) !== 'off')
  watch(letterKeys, (on) => localStorage.setItem(lettersKey, on ? 'on' : 'off'))
  return {
    state,
    letterKeys,
    overlay: ref(null),
    choose(id) {
      if (id !== state.chosen) state.panel = null
      state.chosen = id
    },
    open(panel) {
      state.panel = panel
    },
    closePanel() {
      state.panel = null
    },
    showList(list) {
      state.search = ''
      if (list !== state.list) state.marks = null
      state.list = list
    },
    toggleMany() {
      state.marks = state.marks === null ? new Set() : null
      state.panel = null
      if (state.marks !== null) {
        state.search = ''
        state.list = 'inside'
      }
    },
    mark(id) {
      if (state.marks === null) return
      const marks = new Set(state.marks)
      if (!marks.delete(id)) marks.add(id)
      state.marks = marks
    },
  }
}

const key: InjectionKey<Desk> = Symbol('desk')
export const provideDesk = (app: App, desk: Desk): void => void app.provide(key, desk)
export function useDesk(): Desk {
  const found = inject(key, null)
  assert(found, 'A composition root provides the desk before it mounts.')
  return found
}
