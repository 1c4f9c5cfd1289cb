import { ready } from '#crypto/sodium'
import { expect, it } from 'vitest'
import { createLaneRig } from '../../../vectors/lane/rig.ts'

await ready

it('a bundle that was sealed is opened by its recipient', () => {
  const rig = createLaneRig()
  const sender = rig.createSender()
  const receiver = rig.createReceiver()
  expect(receiver.take(sender.begin().bytes).verdict).toBe('new')
  const sealed = sender.sendOne()
  const opened = receiver.take(sealed.bytes)
  expect(opened.verdict).toBe('new')
  expect(receiver.take(sealed.bytes).verdict).toBe('duplicate')
})
