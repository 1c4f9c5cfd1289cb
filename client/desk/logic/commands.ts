/** What the palette lists and the keys run. */
export interface Command {
  readonly id: string
  readonly title: string
  /** Shown behind the title. */
  readonly about?: string
  /** As keyOf says it; null: from the palette alone. */
  readonly key: string | null
  run(): void
}

/** Commands whose title, key or visitor holds every typed word. */
export function matchCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const wanted = typed.trim().toLowerCase().split(/\s+/)
  return commands.filter((command) => {
    const text = `${command.title} ${command.about ?? ''} ${command.key ?? ''}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
