namespace Gantry.Estate.Catalogue;

/// <summary>
/// A <c>Service</c> resource, read: what telemetry cannot say of a service (who owns it, how critical it is), and which names are this one service, where an SDK,
/// an eBPF instrumentation and the process itself call it differently.
/// </summary>
/// <param name="Name">The resource's name; it is one of the service's names.</param>
/// <param name="Title">For people; "" where none was given.</param>
/// <param name="Owner">A person or team; "" where nobody was named.</param>
/// <param name="Criticality">One of <see cref="ServiceReader.Criticalities"/>; "" where nobody said.</param>
/// <param name="Environment">deployment.environment.name; "" for any, each of which is then a service of its own.</param>
/// <param name="Namespace">service.namespace; "" for any, as with the environment.</param>
/// <param name="Names">Further names, as telemetry or a process has them.</param>
/// <param name="Separate">Names, executables or scripts that were taken for this service and are not.</param>
public sealed record Service(
    string Name,
    string Title,
    string Owner,
    string Criticality,
    string Environment,
    string Namespace,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Separate,
    IReadOnlyList<ServiceLink> Links)
{
    /// <summary>Its own first, then the others in their order.</summary>
    public IEnumerable<string> AllNames => Names.Prepend(Name);
}

/// <summary>A page about a service: its runbook, its repository.</summary>
public sealed record ServiceLink(string Title, string Url);
