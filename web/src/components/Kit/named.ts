/** One of many, as a picker shows it. */
export interface Named {
  id: string
  name: string
  detail?: string | null | undefined
}
