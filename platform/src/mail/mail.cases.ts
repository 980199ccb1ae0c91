import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../ids/ids.ts'
import { InvalidInput } from '../schema/refusals.ts'
import type { Sql } from '../sql/sql.ts'
import type { Mail, MailMessage } from './mail.ts'

export interface MailStage {
  mail: Mail
  sql: Sql
  /** What has arrived for an organisation, oldest first. */
  arrived(organizationId: string): Promise<Omit<MailMessage, 'organizationId'>[]>
  close(): Promise<void>
}

/** What every adapter of the mail port does. */
export function describeMail(name: string, prepare: () => Promise<MailStage>): void {
  describe(`mail through ${name}`, () => {
    let stage: MailStage
    let message: MailMessage
    beforeEach(async () => {
      stage = await prepare()
      message = {
        organizationId: newId('org'),
        to: 'zoe@exemple.fr',
        subject: 'Bienvenue à bord',
        text: 'Bonjour,\n\n« À bientôt »\n',
      }
    })
    afterEach(() => stage.close())

    it('arrives as it was written, each message once, in order', async () => {
      await stage.mail.send(message)
      await stage.mail.send({ ...message, subject: 'Second' })
      const { organizationId, ...first } = message
      expect(await stage.arrived(organizationId)).toMatchObject([first, { ...first, subject: 'Second' }])
    })

    it('that is written in a transaction is there if and only if that commits', async () => {
      const { organizationId, ...words } = message
      const write = await stage.mail.writer(organizationId)
      const undone = stage.sql.withOrganization({ organizationId }, async (tx) => {
        await write(tx, { ...words, subject: 'Never said' })
        throw new Error('undone')
      })
      await expect(undone).rejects.toThrow('undone')
      await stage.sql.withOrganization({ organizationId }, (tx) => write(tx, words))
      expect(await stage.arrived(organizationId)).toMatchObject([words])
      const refused = stage.sql.withOrganization({ organizationId }, (tx) => write(tx, { ...words, to: 'nobody' }))
      await expect(refused).rejects.toBeInstanceOf(InvalidInput)
    })

    it('is read by its organisation alone', async () => {
      await stage.mail.send(message)
      expect(await stage.arrived(newId('org'))).toEqual([])
    })

    it.each<[string, Partial<MailMessage>]>([
      ['no address', { to: 'nobody' }],
      ['two addresses', { to: 'a@exemple.fr, b@exemple.fr' }],
      ['a header in the address', { to: 'a@exemple.fr\r\nBcc: b@exemple.fr' }],
      ['a header in the subject', { subject: 'Bonjour\r\nBcc: b@exemple.fr' }],
      ['no subject', { subject: '' }],
      ['an endless subject', { subject: 'x'.repeat(201) }],
      ['no text', { text: '' }],
      ['an endless text', { text: 'x'.repeat(100_001) }],
      ['no organisation', { organizationId: '' }],
    ])('is refused with %s, and nothing arrives', async (_, fault) => {
      await expect(stage.mail.send({ ...message, ...fault })).rejects.toBeInstanceOf(InvalidInput)
      expect(await stage.arrived(message.organizationId)).toEqual([])
    })

    it('is well', async () => expect(await stage.mail.health()).toBeUndefined())
  })
}
