namespace Gantry.Hub.Guardrails;

/// <summary>Which components the builds of agents have.</summary>
internal interface IComponentCatalogue
{
    /// <summary>Section and type of each component, "receivers/otlp".</summary>
    /// <param name="componentsHash">As agents report it, in hexadecimal.</param>
    /// <returns>Null where it is not known.</returns>
    IReadOnlySet<string>? Of(string componentsHash);
}

/// <summary>By what agents of the fleet have said.</summary>
internal sealed class FleetCatalogue(Fleet.FleetStore fleet) : IComponentCatalogue
{
    public IReadOnlySet<string>? Of(string componentsHash) => fleet.Components.Find(componentsHash);
}
