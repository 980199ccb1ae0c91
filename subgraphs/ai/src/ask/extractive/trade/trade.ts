import { house } from './house.ts'
import { money } from './money.ts'
import type { TradeTerm } from './term.ts'
import { transport } from './transport.ts'

export type { TradeTerm } from './term.ts'

/** Everything of the trade that is asked for in other words than it is said in. */
export const trade: readonly TradeTerm[] = [...money, ...transport, ...house]
