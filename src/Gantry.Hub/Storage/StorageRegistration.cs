namespace Gantry.Hub.Storage;

internal static class StorageRegistration
{
    /// <exception cref="HubStorageException">The state cannot be used.</exception>
    public static IServiceCollection AddStorage(this IServiceCollection services, HubOptions options) => services
        .AddSingleton(new HubDatabase(options)).AddSingleton<SeriesReader>()
        .AddSingleton<ChangeFeed>().AddHostedService(static provider => provider.GetRequiredService<ChangeFeed>());
}
