/** Who asks, from the replica: the account's posts as they stand here. Provisional like all that a device decides; the gateway asks its own. */
import type { Role } from '#protocols/record/access.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Actor, ActorPost } from '#protocols/record/rights.ts'
import type { Table } from './tables.ts'

/** Null while the replica does not hold the account (before the first pull). */
export async function actorOfReplica(
  records: Table<RecordDoc>,
  account: string,
  device: string,
): Promise<Actor | null> {
  const doc = await records.get(account)
  if (doc?.type !== 'account') return null
  const posts: ActorPost[] = []
  for (const id of (doc.fields['posts'] ?? []) as readonly string[]) {
    const post = await records.get(id)
    if (post?.type !== 'post' || post.tracks['register'] !== 'active') continue
    posts.push({
      role: post.fields['role'] as Role,
      level: post.fields['level'] as number,
      unit: post.fields['of'] as string,
    })
  }
  return { account, device, via: null, posts, linkedUnits: linkedUnitsOf(posts, await records.where({ type: 'unit' })) }
}

/** Every unit below those of the posts. */
function linkedUnitsOf(posts: readonly ActorPost[], units: readonly RecordDoc[]): string[] {
  const below = new Set(posts.map((post) => post.unit))
  const linked: string[] = []
  for (let grew = true; grew; ) {
    grew = false
    for (const unit of units) {
      const parent = unit.fields['parent']
      if (typeof parent !== 'string' || below.has(unit.id) || !below.has(parent)) continue
      below.add(unit.id)
      linked.push(unit.id)
      grew = true
    }
  }
  return linked
}
