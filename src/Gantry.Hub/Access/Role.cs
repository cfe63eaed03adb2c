namespace Gantry.Hub.Access;

/// <summary>What a credential is for. People have one of three, each with what the one before may; machines have one door each.</summary>
public enum Role
{
    /// <summary>Reads everything but who has access.</summary>
    Viewer,

    /// <summary>Also declares, changes and deletes resources, and reads the audit log.</summary>
    Operator,

    /// <summary>Also gives and takes access.</summary>
    Admin,

    /// <summary>One agent, or several that share a token: OpAMP, and the agent's half of Fleet Management.</summary>
    Agent,

    /// <summary>A gateway: reports what it observes, asks for the sampling policy.</summary>
    Gateway,

    /// <summary>A new agent, until it has a credential of its own.</summary>
    Enrolment,
}
