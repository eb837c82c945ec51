-- The five database roles of saferhub, made once for a server by a superuser.
-- Set-up of the embedded database runs this file; on a server of your own run it with
--   psql -f roles.sql
-- and then give each login role a password (\password saferhub_app, and so on).
--
-- owner    migrates, owns every table; never serves a page
-- app      serves pages and jobs done for a person; row-level security binds it
-- gate     owns the reading views behind row-level security; nobody signs in as gate
-- steward  jobs on the whole partnership (sealing, calendar); only the worker knows its password
-- backup   reads everything for a dump, writes nothing
DO $roles$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'saferhub_gate') THEN
    CREATE ROLE saferhub_gate NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'saferhub_owner') THEN
    -- CREATEDB: a restore builds a second database beside the first and swaps the names.
    CREATE ROLE saferhub_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'saferhub_app') THEN
    CREATE ROLE saferhub_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'saferhub_steward') THEN
    CREATE ROLE saferhub_steward LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'saferhub_backup') THEN
    -- A dump under row-level security would come out empty (and pg_dump refuses to try).
    CREATE ROLE saferhub_backup LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END
$roles$;

GRANT saferhub_gate TO saferhub_owner;

-- Compiling a plan costs more than our short queries take.
ALTER ROLE saferhub_app SET jit = off;
ALTER ROLE saferhub_steward SET jit = off;
-- No page or job needs a statement this long; one that does says so for itself.
ALTER ROLE saferhub_app SET statement_timeout = '60s';
-- A transaction left open delays sealing of the audit: end it.
ALTER ROLE saferhub_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE saferhub_steward SET idle_in_transaction_session_timeout = '10min';
