using Gantry.Hub.Observations.Traces;

namespace Gantry.Hub.Quality;

internal static class QualityRegistration
{
    public static IServiceCollection AddQuality(this IServiceCollection services) => services
        .AddSingleton<Scores>().AddSingleton<ScoreQueries>(static provider => provider.GetRequiredService<Scores>())
        .AddSingleton<ITraceJudge, TraceRules>();
}
