namespace Gantry.Hub.Access;

/// <summary>
/// On whose behalf the running request works, for the audit log: whoever changes something deep below a door need not be handed the name through every
/// call. Follows the request's asynchronous flow; work of the hub itself has none.
/// </summary>
internal sealed class Actor(string who, string address)
{
    private static readonly AsyncLocal<Actor?> Running = new();

    public static Actor Current => Running.Value ?? new Actor("the hub", "");

    public string Who => who;

    public string Address => address;

    /// <summary>What was done is in the log already, in better words than the door has.</summary>
    public bool IsAudited { get; set; }

    /// <summary>What the request does, for the log when it has done it; null where nobody has better words than the door.</summary>
    public Deed? Deed { get; private set; }

    /// <summary>For rooms whose state is written behind, so that there is no transaction which a line could be a part of.</summary>
    public static void Tell(string what, string resource, string detail) => Current.Deed = new Deed(what, resource, detail);

    /// <summary>The request only looked, whatever its method: it leaves no line.</summary>
    public static void OnlyLooked() => Current.IsAudited = true;

    public static void Set(Actor actor) => Running.Value = actor;
}

/// <param name="What">"agent.attributes".</param>
/// <param name="Resource">"Agent/ID".</param>
internal sealed record Deed(string What, string Resource, string Detail);
