/** What the cache must know of interfaces and unions to match a fragment on them; a test compares it with the published schema. */
export const possibleTypes: Record<string, string[]> = {
  EntityRecord: ['Shipment', 'Client', 'Property'],
  Refusal: [
    'ApprovalNotPending',
    'OwnProposal',
    'NotFound',
    'NotAllowed',
    'InvalidInput',
    'LinkInvalid',
    'QuotaExceeded',
    'TooManyAttempts',
    'EngineUnavailable',
    'InvalidCredentials',
    'AlreadyTaken',
    'BookingConflict',
    'HandOverNotOpen',
    'NameTaken',
    'NotReplayable',
    'WorkflowRunOver',
  ],
}
