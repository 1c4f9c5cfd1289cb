/** Who can be given a visit: accounts that hold a post of an officer. Anybody else could not sign it. */
import type { RecordDoc } from '#protocols/record/doc.ts'

export function officersAmong<Account extends RecordDoc>(
  accounts: readonly Account[],
  posts: readonly RecordDoc[],
): readonly Account[] {
  const officerPosts = new Set(posts.filter((post) => post.fields['role'] === 'officer').map((post) => post.id))
  return accounts.filter((account) => {
    const held = account.fields['posts']
    return Array.isArray(held) && held.some((post) => officerPosts.has(String(post)))
  })
}
