/** Reads a JSON body against a closed schema. */
import type { Context } from 'hono'
import { z } from 'zod'
import { Fault } from '#protocols/errors.ts'
import type { Env } from './parts.ts'

export async function bodyOf<Shape extends z.ZodType>(context: Context<Env>, shape: Shape): Promise<z.infer<Shape>> {
  const parsed = shape.safeParse(await context.req.json().catch(() => null))
  if (!parsed.success) throw new Fault('request/invalid', { field: parsed.error.issues[0]?.path.join('.') ?? '' })
  return parsed.data
}

export const idText = z.string().regex(/^[0-9a-f]{32}$/)
export const hashText = z.string().regex(/^[0-9a-f]{64}$/)
export const base64Url = (charsMax: number) => z.string().max(charsMax).regex(/^[A-Za-z0-9_-]+$/)
