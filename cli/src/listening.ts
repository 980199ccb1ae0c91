/** What to do where a process cannot listen on its port and `host`, as the settings name it; undefined for an error of anything else. */
export function explainListening(error: unknown, host: string | undefined): string | undefined {
  const { code, syscall, port, address, hostname } = error as Partial<
    NodeJS.ErrnoException & Record<'port' | 'address' | 'hostname', string | number>
  >
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program: stop that, or choose another with PORT.`
  if (code === 'EACCES' && syscall === 'listen')
    return `This account may not listen on port ${port}: choose one from 1024 on with PORT.`
  const isNoneOfOurs = code === 'EADDRNOTAVAIL' && syscall === 'listen'
  const isUnknown = syscall === 'getaddrinfo' && hostname !== undefined && hostname === host
  return isNoneOfOurs || isUnknown
    ? `PASSERELLE_HOST must be an address of this machine, such as 127.0.0.1 or 0.0.0.0 for all, not “${isUnknown ? hostname : address}”.`
    : undefined
}
