/**
 * What stands around the explorer: who asks, in the visitor's language. It asks as whoever is logged in to the application in this browser, or with an API
 * key that is pasted and forgotten with the tab; headers that are typed in the page itself come before both.
 */

const texts = {
  fr: {
    title: 'API de Passerelle',
    nobody: 'Vous n’êtes pas connecté : le schéma n’est montré qu’à qui se présente.',
    session: 'Vous interrogez l’API avec votre session.',
    key: 'Vous interrogez l’API avec une clé. Elle est oubliée quand l’onglet se ferme.',
    closed: 'Ici, l’explorateur n’est pas ouvert aux sessions : collez une clé d’API.',
    refused: 'Ces identifiants ne sont plus valables.',
    paste: 'Clé d’API',
    use: 'Utiliser la clé',
    forget: 'Oublier la clé',
    logIn: 'Se connecter',
    other: 'English',
  },
  en: {
    title: 'Passerelle API',
    nobody: 'You are not logged in: the schema is shown only to those who say who they are.',
    session: 'You ask the API with your session.',
    key: 'You ask the API with a key. It is forgotten when the tab is closed.',
    closed: 'The explorer is not open to sessions here: paste an API key.',
    refused: 'These credentials do not hold any more.',
    paste: 'API key',
    use: 'Use the key',
    forget: 'Forget the key',
    logIn: 'Log in',
    other: 'Français',
  },
}

const styles = `<style>
  body { display: flex; flex-direction: column; height: 100dvh; margin: 0 }
  #root { flex: 1; min-height: 0 }
  #root .graphiql-container { height: 100% !important }
  #root .graphiql-logo { display: none }
  @media (max-width: 700px) {
    #graphiql-session { flex-direction: column }
    #graphiql-session > .graphiql-editors, #graphiql-session > .graphiql-response { flex: 1 1 50% !important; min-height: 0; max-width: 100% }
    #graphiql-session > .graphiql-horizontal-drag-bar { display: none }
  }
  #who { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; padding: 8px 16px; font: 14px/1.4 system-ui, sans-serif;
    color: #1c1917; background: #f5f5f4; border-bottom: 1px solid #d6d3d1 }
  #who strong { font-size: 15px }
  #who p { flex: 1; min-width: 200px; margin: 0 }
  #who p[data-tone='warning'] { color: #92400e; font-weight: 600 }
  #who form { display: flex; gap: 8px; margin: 0 }
  #who input, #who button, #who a { font: inherit; color: inherit; padding: 4px 10px; border: 1px solid #a8a29e; border-radius: 6px; background: #fff }
  #who button, #who a { cursor: pointer; text-decoration: none }
  #who :focus-visible { outline: 2px solid #0f766e; outline-offset: 1px }
  @media (prefers-color-scheme: dark) {
    #who { color: #fafaf9; background: #1c1917; border-color: #44403c }
    #who input, #who button, #who a { background: #292524; border-color: #57534e }
    #who p[data-tone='warning'] { color: #fcd34d }
  }
</style>`

const bar = `<header id="who">
  <strong></strong><p role="status"></p>
  <form><input type="password" autocomplete="off" spellcheck="false"><button></button></form>
  <a href="/login?next=/explorer" hidden></a><button id="language" type="button"></button>
</header>`

/** Runs in the page before everything else: it sends along who asks, also over WebSocket, which the page opens without headers. */
const script = `<script>(() => {
  const texts = ${JSON.stringify(texts)}
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)) } catch { return null } }
  let language = localStorage.getItem('passerelle.explorer.language') ?? (navigator.language.startsWith('en') ? 'en' : 'fr')
  let typed
  let trouble = ''
  const pasted = () => sessionStorage.getItem('passerelle.explorer.key')
  const fetchPlain = window.fetch.bind(window)

  // The page opens an empty tab beside those of last time unless it is told which of them was open.
  const tabs = read('graphiql:tabState')
  const last = tabs?.tabs?.[tabs.activeTabIndex]?.query
  const address = new URL(location.href)
  if (last && !address.searchParams.has('query')) {
    address.searchParams.set('query', last)
    history.replaceState({}, '', address)
  }

  async function freshToken() {
    const session = read('passerelle.session')
    if (!session) return null
    if (Date.parse(session.expiresAt) - Date.now() > 20000) return session.accessToken
    return navigator.locks ? navigator.locks.request('passerelle.session', renew) : renew()
  }

  async function renew() {
    const session = read('passerelle.session')
    if (!session || Date.parse(session.expiresAt) - Date.now() > 20000) return session && session.accessToken
    const query = 'mutation RefreshSession($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { ... on Session { accessToken refreshToken expiresAt } } }'
    const body = JSON.stringify({ query, variables: { refreshToken: session.refreshToken } })
    const response = await fetchPlain('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const renewed = (await response.json()).data?.refreshSession
    if (!renewed?.accessToken) return session.accessToken
    localStorage.setItem('passerelle.session', JSON.stringify(renewed))
    return renewed.accessToken
  }

  async function authorization() {
    const token = pasted() ?? (await freshToken())
    return token ? 'Bearer ' + token : undefined
  }

  window.fetch = async (input, init) => {
    const headers = new Headers(init?.headers)
    typed = headers.get('authorization') ?? undefined
    const who = typed ?? (await authorization())
    if (who) headers.set('authorization', who)
    const response = await fetchPlain(input, { ...init, headers })
    if (response.status === 403) tell('closed')
    else if (response.status === 401) tell('refused')
    else if (trouble) tell('')
    return response
  }

  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (text) {
    const message = JSON.parse(text)
    if (message.type !== 'connection_init') return send.call(this, text)
    const go = (who) => send.call(this, JSON.stringify({ ...message, payload: { authorization: who } }))
    if (typed) go(typed)
    else authorization().then(go)
  }

  function tell(what) {
    trouble = what
    show()
  }

  function show() {
    const words = texts[language]
    const header = document.getElementById('who')
    const at = (selector) => header.querySelector(selector)
    const key = pasted()
    const session = read('passerelle.session')
    document.documentElement.lang = language
    document.title = words.title
    at('strong').textContent = words.title
    const anonymous = !key && !session
    at('p').textContent = words[trouble === 'closed' && anonymous ? 'nobody' : trouble || (key ? 'key' : session ? 'session' : 'nobody')]
    at('p').dataset.tone = trouble || anonymous ? 'warning' : ''
    at('input').hidden = Boolean(key)
    at('input').placeholder = words.paste
    at('input').setAttribute('aria-label', words.paste)
    at('form button').textContent = key ? words.forget : words.use
    at('a').hidden = !anonymous
    at('a').textContent = words.logIn
    at('#language').textContent = words.other
  }

  addEventListener('DOMContentLoaded', () => {
    const header = document.getElementById('who')
    header.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault()
      const key = header.querySelector('input').value.trim()
      if (pasted()) sessionStorage.removeItem('passerelle.explorer.key')
      else if (key) sessionStorage.setItem('passerelle.explorer.key', key)
      else return
      location.reload()
    })
    header.querySelector('#language').addEventListener('click', () => {
      language = language === 'fr' ? 'en' : 'fr'
      localStorage.setItem('passerelle.explorer.language', language)
      show()
    })
    show()
  })
})()</script>`

/** Puts who asks, and in what language, around the page of the explorer. */
export function addChrome(page: string): string {
  return page
    .replace('<html lang="en">', '<html lang="fr">')
    .replace(/<link rel="icon"[^>]*>/, '<link rel="icon" href="/favicon.svg">')
    .replace('</head>', () => `${styles}${script}</head>`)
    .replace(/<body[^>]*>/, (body) => `${body}${bar}`)
}
