/** One window per face and device: whoever holds this lock holds the worker. Another window may take it over; the one that loses it learns so at once
 *  and must end. */

export interface WindowLock {
  /** False: another window has it. steal: take it from there. onLost: it was taken from us. */
  take(steal: boolean, onLost: () => void): Promise<boolean>
}

export const createWebLock = (locks: LockManager, name: string): WindowLock => ({
  take: (steal, onLost) =>
    new Promise((resolve, reject) => {
      let isHeld = false
      locks
        .request(name, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
          isHeld = lock !== null
          resolve(isHeld)
          // Held until this worker ends or somebody steals it.
          return isHeld ? new Promise<never>(() => {}) : undefined
        })
        .catch((cause) => (isHeld ? onLost() : reject(cause)))
    }),
})
