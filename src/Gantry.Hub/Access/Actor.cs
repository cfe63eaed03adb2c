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

    public static void Set(Actor actor) => Running.Value = actor;
}
