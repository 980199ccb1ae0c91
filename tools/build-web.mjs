/** `node tools/build-web.mjs`: builds the web application before anybody asks for it, for an image that is only read later. */
import { dirname } from 'node:path'
import { findNode, install } from './install.mjs'
import { buildWeb } from './web.mjs'

const root = dirname(import.meta.dirname)
await install(root)
await buildWeb({ root, node: findNode(root), env: process.env })
