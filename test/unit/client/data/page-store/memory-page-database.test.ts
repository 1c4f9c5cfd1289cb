import { describe, expect, it } from 'vitest'
import {
  createMemoryDisk,
  openMemoryPageDatabase,
} from '../../../../../client/shared/data/page-store/memory-page-database.ts'
import { pageDatabaseCases, rowStores } from './page-database-cases.ts'

describe('the page database in memory', () => {
  for (const [law, run] of Object.entries(pageDatabaseCases))
    it(law, async () => {
      const disk = createMemoryDisk()
      await expect(run(async () => openMemoryPageDatabase({ disk, rowStores }))).resolves.toBeUndefined()
    })
})
