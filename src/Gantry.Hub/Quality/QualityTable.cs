namespace Gantry.Hub.Quality;

internal static class QualityTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS quality_service (id TEXT PRIMARY KEY, name TEXT NOT NULL, namespace TEXT NOT NULL, environment TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS quality_check (service TEXT NOT NULL, code TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
            last_bad INTEGER NOT NULL, bad_since INTEGER NOT NULL, example TEXT NOT NULL, PRIMARY KEY (service, code)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS quality_metric (service TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, bounds INTEGER NOT NULL, shown TEXT NOT NULL,
            last_seen INTEGER NOT NULL, PRIMARY KEY (service, name, unit, bounds)) WITHOUT ROWID;
        """;
}
