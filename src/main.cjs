#!/usr/bin/env node
// CommonJS, because Node starts its thread pool before the first line of an ES module runs. Names are resolved by getaddrinfo,
// which may take half of the pool (libuv, src/threadpool.c): with the default of four, two names that hang hold up all others.
const THREADS = 64;
if (!(Number(process.env.UV_THREADPOOL_SIZE) >= THREADS)) process.env.UV_THREADPOOL_SIZE = String(THREADS);

import('./lib/main.js');
