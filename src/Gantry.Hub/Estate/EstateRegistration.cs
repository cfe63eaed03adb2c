namespace Gantry.Hub.Estate;

internal static class EstateRegistration
{
    public static IServiceCollection AddDeclared(this IServiceCollection services) => services.AddSingleton<ResourceStore>();
}
