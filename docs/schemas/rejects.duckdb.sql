CREATE TABLE IF NOT EXISTS rejects (
  "uri" VARCHAR,
  "source_id" VARCHAR,
  "stage" VARCHAR,
  "reason" VARCHAR,
  "message" VARCHAR,
  "sample" VARCHAR
);
