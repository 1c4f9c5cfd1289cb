/** The package ships no types. Only what we call is declared; aedes calls the rest. */
declare module 'aedes-persistence-level' {
  export interface LevelPersistence {
    addSubscriptions(
      client: { readonly id: string },
      subscriptions: readonly { topic: string; qos: 0 | 1 | 2 }[],
    ): Promise<void>
    cleanSubscriptions(client: { readonly id: string }): Promise<void>
    storeRetained(packet: { topic: string; payload: Uint8Array }): Promise<void>
  }
  const createPersistence: (db: unknown) => LevelPersistence
  export default createPersistence
}
