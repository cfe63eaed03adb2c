namespace Gantry.Hub.Access;

/// <summary>A connection that can be ended in its own protocol, as a feature of its request; others are cut.</summary>
internal interface IFarewell
{
    /// <summary>Returns at once, from any thread. The connection ends even when its peer does not answer.</summary>
    void Say(string why);
}
