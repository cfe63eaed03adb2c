using Gantry.Hub.Observations.Traces;
using Gantry.Hub.Quality.Company;

namespace Gantry.Hub.Quality;

internal static class QualityRegistration
{
    public static IServiceCollection AddQuality(this IServiceCollection services) => services
        .AddSingleton<Scores>().AddSingleton<DeclaredRules>().AddSingleton<ScoreQueries, ScoreView>()
        .AddSingleton<ITraceJudge, TraceRules>();
}
