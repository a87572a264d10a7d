-- Roles of a desk's history: who writes it, and who reads it. Run once by an administrator, in the database that is to hold it:
--
--   psql -v ON_ERROR_STOP=1 -f docs/desk-roles.sql perpscope          (another schema: -v schema=name)
--   psql -c '\password perpscope_writer' -c '\password perpscope_reader' perpscope
--
-- The writer owns the schema and nothing else. The reader reads, whatever it says of its transactions.
\if :{?schema}
\else
  \set schema perpscope
\endif
BEGIN;
CREATE ROLE perpscope_writer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 32;
CREATE ROLE perpscope_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 128;
ALTER ROLE perpscope_reader SET default_transaction_read_only = on;
-- As Perpscope's own connections ask for; so it holds for others of these roles too.
ALTER ROLE perpscope_writer SET statement_timeout = '30s';
ALTER ROLE perpscope_writer SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE perpscope_reader SET statement_timeout = '30s';
ALTER ROLE perpscope_reader SET idle_in_transaction_session_timeout = '10s';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$;
DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO perpscope_writer, perpscope_reader', current_database()); END $$;
CREATE SCHEMA :"schema" AUTHORIZATION perpscope_writer;
GRANT USAGE ON SCHEMA :"schema" TO perpscope_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE perpscope_writer IN SCHEMA :"schema" GRANT SELECT ON TABLES TO perpscope_reader;
COMMIT;
