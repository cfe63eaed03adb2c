namespace Gantry.Hub.Quality;

/// <summary>What doors show of the Instrumentation Score. Thread-safe.</summary>
public abstract class ScoreQueries
{
    /// <summary>Of every service that has evidence, lowest first.</summary>
    public abstract IReadOnlyList<ScoreRow> All { get; }

    /// <param name="service">Id or name; of two with one name the first by id.</param>
    /// <returns>Null for a service that sent nothing within the window and that no rule of the company's own is for.</returns>
    public abstract ScoreDetail? Find(string service);
}

/// <summary>Pages that stand alone, without a hub behind them.</summary>
internal sealed class NoScores : ScoreQueries
{
    public override IReadOnlyList<ScoreRow> All => [];

    public override ScoreDetail? Find(string service) => null;
}
