using Gantry.Hub.Coverage.Catalogue;

namespace Gantry.Hub.Coverage.Changes;

internal static class ChangesRegistration
{
    /// <summary>After what loads the evidence at the start: the watch looks at it.</summary>
    public static IServiceCollection AddChanges(this IServiceCollection services) => services
        .AddSingleton<RegressionBoard>()
        .AddSingleton<ChangeQueries, ChangeLog>()
        .AddSingleton<ChangeWatch>().AddHostedService(static provider => provider.GetRequiredService<ChangeWatch>())
        .AddSingleton<DeclaredServices>().AddSingleton<Func<ServiceIndex>>(static provider => () => provider.GetRequiredService<DeclaredServices>().Current);
}
