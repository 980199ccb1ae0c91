import { builder } from '../builder.ts'

export const DeviceInputRef = builder.inputType('DeviceInput', {
  description: 'What a client says of the device that it runs on.',
  fields: (t) => ({
    token: t.string({ description: 'The `deviceToken` of the last log-in from here with this address.' }),
    name: t.string({
      description: 'As the person would call it in the list of their sessions: `Firefox · Windows`. 120 characters.',
    }),
  }),
})
