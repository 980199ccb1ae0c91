import { createRouter, createWebHistory, type NavigationGuardReturn, type RouteRecordRaw } from 'vue-router'
import { keeper } from './api/keeper'
import { linkKeeper, takeLink } from './api/link'
import { claimsOf } from './api/session'
import { i18n, speakOfAll, speakOfPortal } from './i18n'
import { portalRoutes } from './pages/portal/routes'

declare module 'vue-router' {
  interface RouteMeta {
    /** Reachable without a session. */
    open?: boolean
    /** Reachable with a session too, although open: a link out of a message. */
    always?: boolean
    /** A page of clients, which people of the house do not see as themselves. */
    portal?: boolean
    /** Message key of the page's name, shown as the tab's title. */
    title?: string
    /** The page manages its own scrolling and fills the window. */
    fill?: boolean
  }
}

const pages: RouteRecordRaw[] = [
  { path: '', name: 'home', component: () => import('./pages/HomePage.vue'), meta: { title: 'nav.home' } },
  {
    path: 'documents',
    name: 'documents',
    component: () => import('./pages/DocumentsPage.vue'),
    meta: { title: 'nav.documents' },
  },
  {
    path: 'documents/:id',
    name: 'document',
    component: () => import('./pages/ReaderPage.vue'),
    props: true,
    meta: { title: 'nav.documents', fill: true },
  },
  { path: 'search', name: 'search', component: () => import('./pages/SearchPage.vue'), meta: { title: 'nav.search' } },
  {
    path: 'ask/:id?',
    name: 'ask',
    component: () => import('./pages/AskPage.vue'),
    props: true,
    meta: { title: 'nav.ask', fill: true },
  },
  {
    path: 'questions',
    name: 'handOvers',
    component: () => import('./pages/HandOversPage.vue'),
    meta: { title: 'nav.handOvers' },
  },
  {
    path: 'approvals',
    name: 'approvals',
    component: () => import('./pages/ApprovalsPage.vue'),
    meta: { title: 'nav.approvals' },
  },
  {
    path: 'approvals/:id',
    name: 'approval',
    component: () => import('./pages/ApprovalPage.vue'),
    props: true,
    meta: { title: 'approval.one' },
  },
  { path: 'jobs', name: 'jobs', component: () => import('./pages/JobsPage.vue'), meta: { title: 'nav.jobs' } },
  { path: 'jobs/:id', name: 'job', component: () => import('./pages/JobPage.vue'), props: true },
  { path: 'models', name: 'models', component: () => import('./pages/ModelsPage.vue'), meta: { title: 'nav.models' } },
  {
    path: 'graph',
    name: 'graph',
    component: () => import('./pages/GraphPage.vue'),
    meta: { title: 'nav.graph', fill: true },
  },
  {
    path: 'graph/figures',
    name: 'graph-figures',
    component: () => import('./pages/GraphFiguresPage.vue'),
    meta: { title: 'explore.figures' },
  },
  {
    path: 'shipments',
    name: 'shipments',
    component: () => import('./pages/ShipmentsPage.vue'),
    meta: { title: 'nav.shipments' },
  },
  { path: 'shipments/:id', name: 'shipment', component: () => import('./pages/ShipmentPage.vue'), props: true },
  {
    path: 'requests',
    name: 'requests',
    component: () => import('./pages/RequestsPage.vue'),
    meta: { title: 'nav.requests' },
  },
  { path: 'requests/:id', name: 'request', component: () => import('./pages/RequestPage.vue'), props: true },
  {
    path: 'clients',
    name: 'clients',
    component: () => import('./pages/ClientsPage.vue'),
    meta: { title: 'nav.clients' },
  },
  { path: 'clients/:id', name: 'client', component: () => import('./pages/ClientPage.vue'), props: true },
  {
    path: 'properties',
    name: 'properties',
    component: () => import('./pages/PropertiesPage.vue'),
    meta: { title: 'nav.properties' },
  },
  { path: 'properties/:id', name: 'property', component: () => import('./pages/PropertyPage.vue'), props: true },
  {
    path: 'bookings',
    name: 'bookings',
    component: () => import('./pages/BookingsPage.vue'),
    meta: { title: 'nav.bookings' },
  },
  { path: 'bookings/:id', name: 'booking', component: () => import('./pages/BookingPage.vue'), props: true },
  {
    path: 'settings',
    name: 'settings',
    component: () => import('./pages/SettingsPage.vue'),
    meta: { title: 'nav.settings' },
  },
  {
    path: 'notifications',
    name: 'notifications',
    component: () => import('./pages/NotificationsPage.vue'),
    meta: { title: 'nav.notifications' },
  },
  {
    path: 'settings/notifications',
    name: 'notification-settings',
    component: () => import('./pages/NotificationSettingsPage.vue'),
    meta: { title: 'notifications.settings' },
  },
  {
    path: 'settings/mails',
    name: 'mails',
    component: () => import('./pages/MailsPage.vue'),
    meta: { title: 'mails.title' },
  },
  {
    path: 'admin',
    component: () => import('./components/Admin/AdminShell.vue'),
    children: [
      {
        path: '',
        name: 'admin',
        component: () => import('./pages/admin/AdminPage.vue'),
        meta: { title: 'nav.administration' },
      },
      {
        path: 'members',
        name: 'admin-members',
        component: () => import('./pages/admin/MembersPage.vue'),
        meta: { title: 'members.title' },
      },
      {
        path: 'keys',
        name: 'admin-keys',
        component: () => import('./pages/admin/KeysPage.vue'),
        meta: { title: 'keys.title' },
      },
      {
        path: 'webhooks',
        name: 'admin-webhooks',
        component: () => import('./pages/admin/WebhooksPage.vue'),
        meta: { title: 'webhooks.title' },
      },
      {
        path: 'webhooks/:id',
        name: 'admin-webhook',
        component: () => import('./pages/admin/WebhookPage.vue'),
        props: true,
        meta: { title: 'webhooks.title' },
      },
      {
        path: 'workflows',
        name: 'admin-workflows',
        component: () => import('./pages/admin/WorkflowsPage.vue'),
        meta: { title: 'workflows.title' },
      },
      {
        path: 'usage',
        name: 'admin-usage',
        component: () => import('./pages/admin/UsagePage.vue'),
        meta: { title: 'usage.title' },
      },
      {
        path: 'approvals',
        name: 'admin-approvals',
        component: () => import('./pages/admin/ApprovalKindsPage.vue'),
        meta: { title: 'approvalKinds.title' },
      },
      {
        path: 'privacy',
        name: 'admin-privacy',
        component: () => import('./pages/admin/PrivacyPage.vue'),
        meta: { title: 'privacy.title' },
      },
      {
        path: 'audit',
        name: 'admin-audit',
        component: () => import('./pages/admin/AuditPage.vue'),
        meta: { title: 'audit.title' },
      },
    ],
  },
  {
    path: ':rest(.*)*',
    name: 'missing',
    component: () => import('./pages/MissingPage.vue'),
    meta: { title: 'missing.title' },
  },
]

// Before the router notes the address, and with it the link.
takeLink()

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/login',
      name: 'login',
      component: () => import('./pages/LogInPage.vue'),
      meta: { open: true, title: 'session.logIn' },
    },
    {
      path: '/signup',
      name: 'signup',
      component: () => import('./pages/SignUpPage.vue'),
      meta: { open: true, title: 'session.signUp' },
    },
    {
      path: '/forgot',
      name: 'forgot',
      component: () => import('./pages/ForgotPage.vue'),
      meta: { open: true, title: 'password.forgotTitle' },
    },
    {
      path: '/reset',
      name: 'reset',
      component: () => import('./pages/ResetPage.vue'),
      meta: { open: true, always: true, title: 'password.resetTitle' },
    },
    {
      path: '/invitation',
      name: 'invitation',
      component: () => import('./pages/InvitationPage.vue'),
      meta: { open: true, always: true, title: 'invitation.plainTitle' },
    },
    {
      path: '/quick-start',
      name: 'quick-start',
      component: () => import('./pages/QuickStartPage.vue'),
      meta: { open: true, always: true, title: 'guide.title' },
    },
    portalRoutes,
    { path: '/', component: () => import('./components/Shell/AppShell.vue'), children: pages },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

router.beforeEach((to) => {
  const inside = keeper.current() !== undefined
  if (to.meta.portal) return enterPortal()
  if (!inside && !to.meta.open) return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (inside && to.meta.open && !to.meta.always) return safeNext(to.query['next'])
  return to.meta.always || !isClient() || { name: 'portal' }
})

/** Whether the account of this browser is a client's, for whom the portal is all there is. */
function isClient(): boolean {
  return claimsOf(keeper.current()?.accessToken)?.isClient ?? false
}

/** Who has no link and no client's account is told on the page itself what to do; people of the house have their own pages. */
function enterPortal(): NavigationGuardReturn {
  // Another link in the tab of one that is open, or was.
  if (takeLink()) return { name: 'portal', replace: true }
  const isStaff = keeper.current() !== undefined && !isClient()
  return isStaff && !linkKeeper.current() ? '/' : true
}

/** The pages whose words are there from the start. */
const first = new Set<unknown>(['home', 'login', 'signup'])
router.beforeResolve(async (to) => {
  if (to.meta.portal) await speakOfPortal()
  if (!first.has(to.name) && (!to.meta.portal || to.name === 'portal-account')) await speakOfAll()
})

router.afterEach((to) => {
  const name = to.meta.title ? i18n.global.t(to.meta.title) : ''
  document.title = name ? `${name} · Passerelle` : 'Passerelle'
})

/** The page of this app to return to after a log-in; anything that could leave the app becomes the home page. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}
