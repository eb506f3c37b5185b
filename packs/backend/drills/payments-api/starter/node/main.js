// A payments service: POST /v1/payments charges a card, GET reads payments back.

import http from 'node:http';
import pg from 'pg';

const { PORT, DATABASE_URL, GATEWAY_URL } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL });
// An idle connection that breaks must not end the process.
pool.on('error', (error) => console.error(error.message));

async function createTables() {
  // The lock is for two instances that start at once.
  await pool.query(`
    BEGIN;
    SELECT pg_advisory_xact_lock(1);
    CREATE TABLE IF NOT EXISTS payments (
      id serial PRIMARY KEY,
      idempotency_key text,
      amount integer NOT NULL,
      currency text NOT NULL,
      card text NOT NULL,
      reference text NOT NULL,
      status text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    COMMIT;
  `);
}

function toJson({ id, amount, currency, reference, status, created_at }) {
  return { id: String(id), amount, currency, reference, status, created_at };
}

// Charges the card; tries three times.
async function charge(payment) {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const response = await fetch(`${GATEWAY_URL}/charges`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(payment),
      });
      if (response.status === 402) return 'declined';
      if (response.ok) return (await response.json()).status;
    } catch {
      // try again
    }
  }
  throw new Error('the gateway does not answer');
}

function answer(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readJson(request) {
  let text = '';
  for await (const part of request) text += part;
  return JSON.parse(text);
}

async function createPayment(request, response) {
  let body;
  try {
    body = await readJson(request);
  } catch {
    return answer(response, 400, { error: 'the body is no JSON' });
  }
  const { amount, currency, card, reference } = body;
  if (!amount || !currency || !card || !reference) {
    return answer(response, 400, { error: 'amount, currency, card and reference are required' });
  }

  const key = request.headers['idempotency-key'];
  if (key) {
    const found = await pool.query('SELECT * FROM payments WHERE idempotency_key = $1', [key]);
    if (found.rows.length > 0) return answer(response, 200, toJson(found.rows[0]));
  }
  const status = await charge({ amount, currency, card, reference });
  const { rows } = await pool.query(
    `INSERT INTO payments (idempotency_key, amount, currency, card, reference, status)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING *`,
    [key, amount, currency, card, reference, status],
  );
  if (status === 'declined') return answer(response, 402, { error: 'the card was declined' });
  answer(response, 200, toJson(rows[0]));
}

async function getPayment(id, response) {
  if (!/^\d+$/.test(id)) return answer(response, 404, { error: 'not found' });
  const { rows } = await pool.query('SELECT * FROM payments WHERE id = $1', [id]);
  if (rows.length === 0) return answer(response, 404, { error: 'not found' });
  answer(response, 200, toJson(rows[0]));
}

async function listPayments(query, response) {
  const limit = Number(query.get('limit') ?? 20);
  const offset = Number(query.get('cursor') ?? 0);
  const { rows } = await pool.query(
    'SELECT * FROM payments ORDER BY id DESC LIMIT $1 OFFSET $2',
    [limit, offset],
  );
  const next = rows.length === limit ? String(offset + limit) : null;
  answer(response, 200, { data: rows.map(toJson), next });
}

async function route(request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (request.method === 'GET' && url.pathname === '/healthz') {
    return answer(response, 200, { status: 'ok' });
  }
  if (request.method === 'POST' && url.pathname === '/v1/payments') {
    return createPayment(request, response);
  }
  if (request.method === 'GET' && url.pathname === '/v1/payments') {
    return listPayments(url.searchParams, response);
  }
  if (request.method === 'GET' && url.pathname.startsWith('/v1/payments/')) {
    return getPayment(url.pathname.split('/').pop(), response);
  }
  answer(response, 404, { error: 'not found' });
}

await createTables();
http
  .createServer((request, response) => {
    route(request, response).catch((error) => answer(response, 500, { error: error.message }));
  })
  .listen(Number(PORT), '127.0.0.1');
