import { builder } from '../builder.ts'
import type {
  ServiceRequestAuthor,
  ServiceRequestChannel,
  ServiceRequestKind,
  ServiceRequestStatus,
  ServiceRequestUrgency,
} from './service-request-status.ts'

type Described<Word extends string> = Record<Word, { description: string }>

export const KindEnum = builder.enumType('ServiceRequestKind', {
  description: 'What is asked for.',
  values: {
    CLEANING: { description: 'Clean a place.' },
    CHECK_IN: { description: 'Welcome somebody who arrives.' },
    CHECK_OUT: { description: 'See somebody off, and look at the place.' },
    MAINTENANCE: { description: 'Repair something, or have it repaired.' },
    LINEN: { description: 'Bring or wash linen.' },
    SUPPLIES: { description: 'Bring what is used up.' },
    TRANSPORT: { description: 'Bring somebody or something somewhere.' },
    INFORMATION: { description: 'Answer a question.' },
    OTHER: { description: 'Something else.' },
  } satisfies Described<ServiceRequestKind>,
})

export const UrgencyEnum = builder.enumType('ServiceRequestUrgency', {
  description: 'How soon something is needed.',
  values: {
    LOW: { description: 'It can wait.' },
    NORMAL: { description: 'In its turn.' },
    HIGH: { description: 'Before everything else.' },
  } satisfies Described<ServiceRequestUrgency>,
})

export const StatusEnum = builder.enumType('ServiceRequestStatus', {
  description: 'Where a request stands. DONE, DECLINED and CANCELLED are the end of it, until it is taken up again.',
  values: {
    NEW: { description: 'Nobody has answered yet.' },
    ACCEPTED: { description: 'It will be done.' },
    SCHEDULED: { description: 'It will be done at `scheduledFor`.' },
    IN_PROGRESS: { description: 'Somebody is at it.' },
    DONE: { description: 'It is done.' },
    DECLINED: { description: 'The house does not do it.' },
    CANCELLED: { description: 'It is not needed any more.' },
  } satisfies Described<ServiceRequestStatus>,
})

export const ChannelEnum = builder.enumType('ServiceRequestChannel', {
  description: 'How a request came.',
  values: {
    PORTAL: { description: 'The client wrote it down themselves.' },
    PHONE: { description: 'By telephone.' },
    MAIL: { description: 'By letter or e-mail.' },
    APP: { description: 'A member wrote it down, on no occasion in particular.' },
  } satisfies Described<ServiceRequestChannel>,
})

export const AuthorEnum = builder.enumType('ServiceRequestAuthor', {
  description: 'Whose doing something is.',
  values: {
    HOUSE: { description: 'The organisation’s.' },
    CLIENT: { description: 'The client’s.' },
  } satisfies Described<ServiceRequestAuthor>,
})
