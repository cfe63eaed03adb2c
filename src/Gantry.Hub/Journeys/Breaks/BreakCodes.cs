namespace Gantry.Hub.Journeys.Breaks;

/// <summary>Why a link loses traces. docs/journeys.md has the table, with what each needs to be said.</summary>
public static class BreakCodes
{
    /// <summary>Whoever is called runs, and sends no spans.</summary>
    public const string HopDark = "hop-dark";

    /// <summary>The caller's calls reach nobody's trace: it sends no context.</summary>
    public const string ContextNotSent = "context-not-sent";

    /// <summary>Whoever is called begins traces of its own.</summary>
    public const string ContextNotContinued = "context-not-continued";

    /// <summary>Whoever reads the queue begins traces of its own.</summary>
    public const string QueueLosesContext = "queue-loses-context";

    /// <summary>A context arrives, or calls are made, and the spans of the other side do not come.</summary>
    public const string SpansMissing = "spans-missing";

    /// <summary>A declared hop that no trace of the journey reached.</summary>
    public const string HopUnseen = "hop-unseen";
}
