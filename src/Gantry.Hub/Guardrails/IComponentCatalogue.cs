namespace Gantry.Hub.Guardrails;

/// <summary>Which components the builds of agents have.</summary>
internal interface IComponentCatalogue
{
    /// <summary>Section and type of each component, "receivers/otlp".</summary>
    /// <param name="componentsHash">As agents report it, in hexadecimal.</param>
    /// <returns>Null where it is not known.</returns>
    IReadOnlySet<string>? Of(string componentsHash);
}

/// <summary>Until agents are asked for their components: nothing is known.</summary>
internal sealed class NoCatalogue : IComponentCatalogue
{
    public IReadOnlySet<string>? Of(string componentsHash) => null;
}
