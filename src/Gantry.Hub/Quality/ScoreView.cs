using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;
using Gantry.Hub.Quality.Company;

namespace Gantry.Hub.Quality;

/// <summary>Official scores with the company score beside them. The company score is put to what is judged already, so that it cannot change it.</summary>
internal sealed class ScoreView(Scores scores, DeclaredRules rules, EstateQueries estate, ObservationStore observations) : ScoreQueries
{
    public override IReadOnlyList<ScoreRow> All
    {
        get
        {
            var declared = rules.All;
            if (declared.Count == 0)
            {
                return scores.All;
            }

            var snapshot = estate.Current;
            var round = new CompanyRound(declared, snapshot, observations);
            return [.. scores.All.Select(row => snapshot.FindService(row.ServiceId) is { } service ? row with { Company = round.Of(service)?.Score } : row)];
        }
    }

    /// <summary>Also of a service that only own rules say something of: one that is dark, or declared and unseen.</summary>
    public override ScoreDetail? Find(string service)
    {
        var official = scores.Find(service);
        var declared = rules.All;
        if (official is not null && declared.Count == 0)
        {
            return official;
        }

        var snapshot = estate.Current;
        if ((official is null ? snapshot.FindServiceCalled(service) : snapshot.FindService(official.Score.ServiceId)) is not { } row)
        {
            return official;
        }

        // By a name that a document gave it: the score is kept under the one that telemetry uses.
        official ??= scores.Find(row.SeriesId);
        return new CompanyRound(declared, snapshot, observations).Of(row) is { } company
            ? With(official ?? Scores.Nothing(row), company)
            : official;
    }

    private static ScoreDetail With(ScoreDetail official, CompanyDetail company) => official with { Score = official.Score with { Company = company.Score }, Company = company };
}
