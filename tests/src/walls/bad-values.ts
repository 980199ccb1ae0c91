/** Values that a client can send where a value of a type is asked for, and that a careless server trips over. */
export function badValuesFor(type: string): unknown[] {
  return [...(byType[type] ?? ['', 'NOT_A_MEMBER', 1]), ...anywhere]
}

/** What no type but JSON takes. */
const anywhere: unknown[] = [null, true, [], {}, [[]], { a: 1 }]

const texts: string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udfffb',
  '\u202egnp.exe',
  '\ufeff\u200b\u200d',
  "'; drop table documents.document; --",
  '%_\\%',
  '\\',
  '{}[]()*+?|^$',
  '/(a+)+$/',
  '../../../etc/passwd',
  '\r\n\t\u0001\u007f\u0085\u2028',
  '🦊'.repeat(300),
  'é'.repeat(5_000),
  'x'.repeat(900_000),
  `${'a '.repeat(200_000)}`,
  '-1',
  '1e309',
  'NaN',
  'null',
  '__proto__',
  'constructor',
]

const cursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/** What lists take as `after`: forged keys of every length, with everything a key should not hold. */
export const badCursors: string[] = [
  ...[
    '\u0000',
    'abc',
    '',
    '-1',
    '1e400',
    'NaN',
    '9'.repeat(400),
    '\ud800',
    '0x10',
    ' 1',
    '2020-01-01',
    -1,
    0.5,
    1e300,
    2 ** 60,
    -9e15,
    null,
    {},
    true,
  ].flatMap((bad) => [
    cursor([bad]),
    cursor([bad, 'doc_1']),
    cursor(['1.5', bad]),
    cursor([1, bad]),
    cursor([bad, bad, bad]),
    cursor([1, 'x', bad]),
  ]),
  cursor([]),
  cursor({}),
  cursor('x'),
  cursor([['x']]),
  '=',
  '999999999999999',
  '9'.repeat(16),
  '-5',
  '0',
]

const byType: Record<string, unknown[]> = {
  String: texts,
  ID: [...texts, 7, -1, 'doc_', 'doc_00000000000000000000000000000000', 'org_1', 'ent_x'],
  Int: [0, -1, 101, 301, 2_147_483_647, -2_147_483_648, 2_147_483_648, 1.5, '1', ''],
  Float: [0, -1, 0.5, 1e308, -1e308, 2 ** 60, '1', ''],
  Boolean: [1, 'true'],
  Date: ['', 'tomorrow', '2026-02-31', '2026-13-01', '0000-01-01', '9999-12-31', '2026-11-20T00:00:00Z', 20_261_120],
  DateTime: [
    '',
    'yesterday',
    '2026-02-31T10:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-14:00',
    '2026-11-20T25:00:00Z',
    '2026-11-20',
    1_700_000_000,
  ],
}
