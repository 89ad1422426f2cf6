"""What people, carriers and events can make of goods and parcels: one verb a file."""
